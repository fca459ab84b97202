"""待办: claims with a lease, stale-screen checks and four eyes, written once for every queue of the house."""
