"""工作台: where staff work: queues and the client's file."""
