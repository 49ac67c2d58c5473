package com.example.orders;

import io.cloacina.engine.WorkflowClient;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {
    private final PurchaseOrders orders;
    private final WorkflowClient workflows;

    OrderController(PurchaseOrders orders, WorkflowClient workflows) {
        this.orders = orders;
        this.workflows = workflows;
    }

    record NewOrder(long number, long cents) {}

    record Accepted(UUID execution) {}

    /** The row and the execution are stored together, or neither; it begins after the commit. */
    @PostMapping("/orders")
    @Transactional
    @ResponseStatus(HttpStatus.ACCEPTED)
    public Accepted place(@RequestBody NewOrder order) {
        orders.save(new PurchaseOrder(order.number(), order.cents()));
        return new Accepted(FulfilmentClient.submit(workflows, order.number()));
    }

    @GetMapping("/orders/{number}")
    public PurchaseOrder find(@PathVariable("number") long number) {
        return orders.findById(number).orElseThrow();
    }
}
