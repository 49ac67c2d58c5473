CREATE TABLE orders (
    number BIGINT PRIMARY KEY,
    cents BIGINT NOT NULL,
    state VARCHAR(20) NOT NULL,
    receipt VARCHAR(200)
);
