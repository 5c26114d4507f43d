import google.protobuf
