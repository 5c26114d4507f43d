# A miniature: there are no messages.
