package io.veralake.demo.store;

/**
 * What the parts of a simulation share.
 *
 * @param scale the store's size
 * @param agenda simulated time
 * @param log the database's log
 * @param stream the streaming layer
 * @param faults its faults
 * @param population customers, sellers, products
 */
record Simulated(
    double scale,
    Agenda agenda,
    ChangeLog log,
    StreamConsumer stream,
    FaultLog faults,
    Population population) {}
