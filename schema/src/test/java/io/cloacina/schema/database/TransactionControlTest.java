package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of SQL that end a transaction, and those that only look so. */
class TransactionControlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                "  COMMIT WORK",
                "Commit;",
                ";;commit",
                "/* a; b */ commit",
                "-- why\n\tcommit",
                "select 1; commit; begin",
                "select ';'; end",
                "select 'it''s'; rollback",
                "select E'\\''; commit",
                "select \"a;\"\"b\" from t; commit and chain",
                "select $x$ a ; $ $y$ $x$; commit",
                "select $1; commit",
                "select a LIKE'\\'; commit",
                "rollback",
                "rollback work",
                "rollback transaction; select 1",
                "ABORT",
                "end transaction",
                "prepare transaction 'x'",
                "create table t (a int); commit",
                "create table t (\"begin\" int); commit",
                "create trigger x after insert on t begin update t set a = case when 1 then 2 else 3 end; delete from t; end;"
                        + " commit",
                "create function f() returns int begin atomic select 1; end; commit",
            })
    void the_end_of_a_transaction_is_found(String sql) {
        assertThat(TransactionControl.find(sql)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ; ",
                "select 1",
                "insert into commit values (1)",
                "update t set a = 'x; commit'",
                "select 1 -- ; commit",
                "select 1 /* ; commit */",
                "select $$; commit;$$",
                "select $a1$; commit; $a1$",
                "select E'\\'; commit'",
                "select case when a then b end; select 2",
                "savepoint commit",
                "release savepoint x",
                "rollback to x",
                "ROLLBACK WORK TO SAVEPOINT x",
                "rollback transaction /* only */ to x",
                "prepare p as select 1",
                "begin",
                "committed",
                "create trigger x after insert on t begin update t set a = case when 1 then 2 else 3 end; delete from t; end;"
                        + " select 1",
                "create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end",
                "create function f() returns void language plpgsql as $$ begin perform 1; end; $$; select 1",
                "unclosed 'text ; commit",
                "unclosed $a$ text ; commit",
                "unclosed /* text ; commit",
            })
    void everything_else_is_not(String sql) {
        assertThat(TransactionControl.find(sql)).isEmpty();
    }
}
