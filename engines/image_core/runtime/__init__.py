"""What has nothing to do with pictures: caches, processors, files, limits."""
