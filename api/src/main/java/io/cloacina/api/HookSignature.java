package io.cloacina.api;

/** How a delivery to a webhook is signed: with HMAC-SHA-256, under a secret that both sides know. */
public enum HookSignature implements Labeled {
    /**
     * As GitHub signs: {@code X-Hub-Signature-256} contains the HMAC of the body, {@code X-GitHub-Delivery} the id of
     * the delivery.
     */
    GITHUB("github"),
    /**
     * As Stripe signs: {@code Stripe-Signature} contains a timestamp and the HMAC of timestamp and body; the id of the
     * event identifies the delivery.
     */
    STRIPE("stripe"),
    /** As Standard Webhooks 1.0 signs: {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}. */
    STANDARD("standard");

    private final String label;

    HookSignature(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
