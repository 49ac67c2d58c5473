package io.cloacina.schema.database;

import java.sql.SQLException;

/** The error of one member of a batch. */
final class MemberFailure extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient SQLException failure;
    private final int member;

    MemberFailure(SQLException failure, int member) {
        super(failure);
        this.failure = failure;
        this.member = member;
    }

    SQLException failure() {
        return failure;
    }

    int member() {
        return member;
    }
}
