package io.cloacina.spring;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Rows of the application, written as people write them with Spring. */
class Ledger {
    private final JdbcTemplate jdbc;

    Ledger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void write(int amount) {
        jdbc.update("INSERT INTO ledger (amount) VALUES (?)", amount);
    }

    @Transactional
    public void writeAndFail(int amount) {
        write(amount);
        throw new IllegalArgumentException("out of stock");
    }

    @Transactional(propagation = Propagation.NESTED)
    public void writeNestedAndFail(int amount) {
        writeAndFail(amount);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void writeApart(int amount) {
        write(amount);
    }
}
