CREATE TABLE orders (
    number INTEGER PRIMARY KEY,
    receipt TEXT,
    bookings INTEGER NOT NULL
);
