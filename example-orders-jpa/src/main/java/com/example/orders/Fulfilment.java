package com.example.orders;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import org.springframework.stereotype.Component;

/** What becomes of an order. It is a bean like any other. */
@Component
@Workflow(name = "fulfilment")
class Fulfilment {
    private final PurchaseOrders orders;
    private final Bank bank;

    Fulfilment(PurchaseOrders orders, Bank bank) {
        this.orders = orders;
        this.bank = bank;
    }

    /** May run again after a crash, so the bank is given a key. No transaction is open meanwhile. */
    @Task(retry = @Retry(maxAttempts = 3, delay = "200ms"))
    String charge(TaskContext context, @Input long number) {
        long cents = orders.findById(number).orElseThrow().getCents();
        return bank.charge(context.executionId().toString(), cents);
    }

    /** Exactly once: what JPA writes is committed with the end of the task. */
    @Task(transactional = true)
    void book(@Input long number, @From("charge") String receipt) {
        orders.findById(number).orElseThrow().paid(receipt);
    }

    @Task(transactional = true, after = "charge", when = @When(allOf = @Condition(failed = "charge")))
    void cancel(@Input long number) {
        orders.findById(number).orElseThrow().cancelled();
    }
}
