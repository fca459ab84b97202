"""The client portal of a securities firm: each folder here is a room of the business."""
