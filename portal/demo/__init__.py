"""演示: the demo brokerage 青衡证券: its cast, and its days generated as feed days and loaded like any other."""
