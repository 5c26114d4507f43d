/**
 * What a fork server does, in Perl, which every Debian has and which has next to no memory to copy: less without the
 * modules `strict` and `warnings`, with which a test checks it.
 *
 * Frames come in by stdin, a length and fields that are separated by NUL: `run`, the command's number, its directory, how
 * many words it has, these words, and its environment; `pause` or `resume`, the number and a stream. Frames go out by stdout,
 * the command's number, a letter, a length and bytes: `s`tarted with its process id, or else `f`, the number of the system's
 * error; `o` and `e`, what it printed, of which nothing is the end; and `x`, the status that it ended with.
 */
export const forkServerProgram = String.raw`
my ($server, $parent) = ($$, getppid);
my ($unread, $unsent) = ('', '');
my (%commands, %streams);

$0 = 'aurora-mesosphere: starts commands';
$SIG{CHLD} = sub {};    # so that select ends
$SIG{$_} = 'IGNORE' for my @asked = qw(HUP INT TERM);    # sent to all at once: what runs ends in order, and is heard
add_frame(0, 'r', '');

while (1) {
    send_frames();
    my $wanted = '';
    vec($wanted, $_, 1) = 1 for 0, grep { !$streams{$_}{paused} } keys %streams;
    # Now and then, since a child may end just before select begins.
    my $found = select($wanted, undef, undef, %commands ? 0.05 : undef);
    if ($found > 0) {
        vec($wanted, $_, 1) and forward($_) for sort { $a <=> $b } keys %streams;
        send_frames();    # each start takes its time
        receive() if vec($wanted, 0, 1);
    }
    reap();
}

sub receive {
    sysread(STDIN, $unread, 65536, length $unread) or exit;
    while (length $unread >= 4) {
        my $size = unpack 'N', $unread;
        last if length $unread < 4 + $size;
        my ($what, @fields) = split /\0/, substr($unread, 4, $size), -1;
        substr($unread, 0, 4 + $size, '');
        $what eq 'run' ? start(@fields) : pause(@fields, $what eq 'pause');
    }
}

sub start {
    my ($number, $directory, $count, @rest) = @_;
    my @words = splice @rest, 0, $count;
    pipe(my $out, my $to_out) && pipe(my $err, my $to_err) && pipe(my $failure, my $to_failure)
        or return add_frame($number, 'f', $! + 0);
    exit if getppid != $parent;    # nobody would know of the command
    my $pid = fork;
    return add_frame($number, 'f', $! + 0) unless defined $pid;
    if ($pid == 0) {
        become($directory, \@words, \@rest, $to_out, $to_err);
        syswrite $to_failure, $! + 0;
        exit 1;
    }
    close $to_failure;
    my ($size, $error);
    1 until defined($size = sysread $failure, $error, 16);    # ends once it is another program
    if ($size) {
        waitpid $pid, 0;
        return add_frame($number, 'f', $error);
    }
    $commands{$pid} = $number;
    $streams{fileno $out} = { number => $number, letter => 'o', handle => $out };
    $streams{fileno $err} = { number => $number, letter => 'e', handle => $err };
    add_frame($number, 's', $pid);
}

# Returns only where that fails.
sub become {
    my ($directory, $words, $environment, $out, $err) = @_;
    setpgrp 0, 0;
    $SIG{$_} = 'DEFAULT' for @asked;
    open STDIN, '<', '/dev/null' or return;
    open STDOUT, '>&', $out or return;
    open STDERR, '>&', $err or return;
    chdir $directory or return;
    %ENV = map { split /=/, $_, 2 } @$environment;
    exit if getppid != $server;    # it was ended, so that nothing begins any more
    exec { $words->[0] } @$words;
}

sub forward {
    my $stream = $streams{$_[0]};
    my $size = sysread $stream->{handle}, my $bytes, 65536;
    return unless defined $size;
    add_frame($stream->{number}, $stream->{letter}, $bytes);
    delete $streams{$_[0]} if $size == 0;
}

sub pause {
    my ($number, $letter, $paused) = @_;
    $_->{paused} = $paused for grep { $_->{number} == $number && $_->{letter} eq $letter } values %streams;
}

sub reap {
    while ((my $pid = waitpid -1, 1) > 0) {
        my $status = $?;
        my $number = delete $commands{$pid} or next;
        add_frame($number, 'x', $status);
    }
}

sub add_frame {
    $unsent .= pack 'N a N/a*', @_;
}

# All at once: whoever waits for them is woken once.
sub send_frames {
    while (length $unsent) {
        my $written = syswrite STDOUT, $unsent;
        substr($unsent, 0, $written, '') if defined $written;
    }
}
`
