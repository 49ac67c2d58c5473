package com.example.invoices;

import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Adds up the lines of an order and writes its invoice. */
@Workflow(name = "invoice")
public class Invoicing {
    /** A line of an order. */
    public record Line(String article, int pieces, BigDecimal price) {
        BigDecimal amount() {
            return price.multiply(BigDecimal.valueOf(pieces));
        }
    }

    /** What is to be paid. */
    public record Total(BigDecimal net, BigDecimal tax) {}

    @Task
    Total add(@Input List<Line> lines) {
        BigDecimal net = lines.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Total(net, net.multiply(new BigDecimal("0.19")).setScale(2, RoundingMode.HALF_UP));
    }

    @Task(retry = @Retry(maxAttempts = 3))
    String write(@Input String customer, @From("add") Total total) {
        return customer + " pays " + total.net().add(total.tax()) + ", of which " + total.tax() + " is tax";
    }
}
