package io.cloacina.examples.warehouse;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.examples.warehouse.WarehouseStatements.Decision;
import io.cloacina.examples.warehouse.WarehouseStatements.Line;
import io.cloacina.examples.warehouse.WarehouseStatements.Movement;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;

/** What is done with an order once it is placed. */
@Workflow(name = "fulfil-order")
public class Fulfilment {
    /** Takes the goods of all lines out of the stock, or of none: a line that is short fails the task, and nothing of it stays. */
    @Task(transactional = true)
    int book(@Input String order, TaskContext context) {
        WriteTransaction transaction = WriteTransaction.of(context.connection());
        UniversalTimestamp now = UniversalTimestamp.of(context.now());
        List<Line> lines = transaction.list(WarehouseStatements.LINES_OF, order);
        int[] taken = transaction.batch(WarehouseStatements.TAKE, lines);
        for (int line = 0; line < taken.length; line++) {
            if (taken[line] == 0) {
                throw new IllegalStateException("not enough in stock for line " + (line + 1) + " of order " + order);
            }
        }
        transaction.batch(
                WarehouseStatements.RECORD,
                lines.stream()
                        .map(line -> new Movement(line.product(), line.order(), -line.quantity(), now))
                        .toList());
        decide(transaction, lines, OrderStatus.BOOKED);
        return lines.size();
    }

    @Task(after = "book")
    String ship(@Input String order) {
        return "shipped order " + order;
    }

    @Task(after = "book", transactional = true, when = @When(allOf = @Condition(failed = "book")))
    void refuse(@Input String order, TaskContext context) {
        WriteTransaction transaction = WriteTransaction.of(context.connection());
        decide(transaction, transaction.list(WarehouseStatements.LINES_OF, order), OrderStatus.REFUSED);
    }

    private static void decide(WriteTransaction transaction, List<Line> lines, OrderStatus status) {
        if (transaction.run(
                        WarehouseStatements.DECIDE, new Decision(lines.get(0).order(), status))
                == 0) {
            throw new IllegalStateException("the order was decided before");
        }
    }
}
