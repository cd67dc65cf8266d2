// Made of server/data/once-billable.tsv by `cargo xtask codegen`. Do not edit.

static ONCE_BILLABLE: [(Code, u16); 17] = [
    (Code(*b"F328\0\0\0"), 2016),
    (Code(*b"G20\0\0\0\0"), 2023),
    (Code(*b"G35\0\0\0\0"), 2025),
    (Code(*b"M2660\0\0"), 2016),
    (Code(*b"M2661\0\0"), 2016),
    (Code(*b"M2662\0\0"), 2016),
    (Code(*b"M2663\0\0"), 2016),
    (Code(*b"M4806\0\0"), 2017),
    (Code(*b"M5012\0\0"), 2016),
    (Code(*b"M5022\0\0"), 2016),
    (Code(*b"M5032\0\0"), 2016),
    (Code(*b"M5136\0\0"), 2024),
    (Code(*b"M5137\0\0"), 2024),
    (Code(*b"M545\0\0\0"), 2021),
    (Code(*b"M791\0\0\0"), 2018),
    (Code(*b"R102\0\0\0"), 2025),
    (Code(*b"R51\0\0\0\0"), 2020),
];
