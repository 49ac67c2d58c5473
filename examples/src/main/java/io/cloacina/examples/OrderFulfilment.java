package io.cloacina.examples;

import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import java.util.Optional;
import java.util.UUID;

/** A workflow that is used through its typed client. */
@Workflow
@AtMost(value = 2, per = "order.customer")
public class OrderFulfilment {
    /** What somebody wants. */
    public record Order(String customer, String article) {}

    /** What has been sent. */
    public record Parcel(String to, String content) {}

    @Task
    String pack(@Input Order order, @Input Optional<String> paper) {
        return order.article() + paper.map(kind -> " in " + kind + " paper").orElse("");
    }

    @Task
    Parcel ship(@Input Order order, @From("pack") String content, @Signal boolean paid) {
        return new Parcel(order.customer(), paid ? content : "a letter about " + order.article());
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new OrderFulfilment()).start()) {
            Order order = new Order("Ada", "lamp");
            UUID id = OrderFulfilmentClient.submit(engine, order, Optional.empty());
            UUID gift = engine.submit(OrderFulfilmentClient.submission(order, Optional.of("red"))
                    .idempotencyKey("order-17")
                    .priority(5));

            OrderFulfilmentClient.paid(engine, id, true);
            OrderFulfilmentClient.paid(engine, gift, true, "payment-17");
            engine.await(id);
            engine.await(gift);

            Optional<Parcel> parcel = OrderFulfilmentClient.resultOfShip(engine, id);
            System.out.println(parcel.map(Parcel::content).orElse("nothing"));
            System.out.println(OrderFulfilmentClient.resultOfPack(engine, gift).orElse("nothing"));
        }
    }
}
