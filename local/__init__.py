"""What `make run` starts: the upload function and an S3 server on this machine.

The function sees what it sees on Lambda: a Runtime API, an API Gateway event for
each HTTP request, temporary credentials with a session token. Everything listens
on the loopback interface only.
"""
