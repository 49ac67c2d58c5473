package com.example.shop;

import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Submission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Takes orders. */
@ApplicationScoped
class Shop {
    @Inject
    DataSource database;

    @Inject
    WorkflowClient workflows;

    /** The row and the execution are stored together, or neither; it begins after the commit. */
    UUID order(int number) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO orders (number, parcels) VALUES (?, 0)")) {
                insert.setInt(1, number);
                insert.executeUpdate();
                UUID execution =
                        workflows.submit(connection, Submission.of("dispatch").input(Map.of("number", number)));
                connection.commit();
                return execution;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
