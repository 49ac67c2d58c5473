package io.cloacina.spring;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.WorkflowClient;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A workflow that needs a bean, which Spring makes a proxy of, and the engine. */
@Workflow(name = "booking")
class Booking {
    private final Ledger ledger;
    private final WorkflowClient client;

    Booking(Ledger ledger, WorkflowClient client) {
        this.ledger = ledger;
        this.client = client;
    }

    @Task(transactional = true, retry = @Retry(maxAttempts = 1))
    void book(@Input String how, TaskContext context) {
        ledger.write(1);
        switch (how) {
            case "after" ->
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        throw new DataAccessResourceFailureException("no mail", new SQLException("busy", "40001", 5));
                    }
                });
            case "submit" -> client.submit("receipt", Map.of());
            case "fail" -> throw new IllegalStateException("the card was refused");
            case "swallow" -> {
                try {
                    ledger.writeAndFail(2);
                } catch (IllegalArgumentException e) {
                    // the transaction can only be rolled back now
                }
            }
            case "nested" -> {
                try {
                    ledger.writeNestedAndFail(2);
                } catch (IllegalArgumentException e) {
                    // only the savepoint was rolled back
                }
            }
            case "apart" -> {
                ledger.writeApart(3);
                throw new IllegalStateException("after a transaction of its own");
            }
            default -> ledger.write(2);
        }
    }
}
