using System.Diagnostics;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;
using Subbyte.Methods;

namespace Subbyte.Experiments;

/// <summary>How long a simulation takes.</summary>
/// <param name="Name">What is simulated.</param>
/// <param name="Layers">Layers that are simulated, one dataflow after the other.</param>
/// <param name="Macs">Multiply-accumulates of these layers.</param>
/// <param name="Milliseconds">The shortest of the runs.</param>
/// <param name="Bar">Milliseconds that it may take.</param>
public sealed record SimulationTiming(string Name, int Layers, double Macs, double Milliseconds, double Bar)
{
    /// <summary>Microseconds of one layer.</summary>
    public double LayerMicroseconds => Milliseconds * 1000 / Layers;

    /// <summary>Multiply-accumulates that are simulated in a second.</summary>
    public double MacsPerSecond => Macs * 1000 / Milliseconds;

    /// <summary>Whether it took no longer than it may.</summary>
    public bool IsWithinBar => Milliseconds <= Bar;
}

/// <summary>
/// Times the simulator: shapes alone, and every layer of ResNet-18 with drawn values, exactly. The bars: ResNet-50 on three dataflows within 50 ms
/// and a layer in closed form within 10 µs; an image in 10 s where values decide, which is more than 100 million multiply-accumulates a second.
/// </summary>
public static class SimulationBenchmark
{
    private const double ShapesBar = 50;
    private const double LayerBar = 0.01;
    private const double DrawnBar = 10_000;
    private const int ShapeRuns = 400;
    private const int DrawnRuns = 2;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="threads">Worker threads for layers whose values are drawn.</param>
    /// <param name="step">Told of each simulation.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The timings.</returns>
    public static IReadOnlyList<SimulationTiming> Run(int threads, Action<string> step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        step("shapes");
        var timings = new List<SimulationTiming>(Shapes(cancellation));
        var network = Topology.Load("resnet18");
        foreach (var method in new[] { "nb-smt:threads=2", "laconic", "bit-pragmatic", "fpec" })
        {
            step(method);
            var shortest = Shortest(DrawnRuns, () => Simulation(Dataflow.OutputStationary).Run(network, Recipe.Parse(method), seed: 1, threads, cancellation));
            timings.Add(new SimulationTiming($"ResNet-18, drawn values, {method}", network.Layers.Count, Macs(network), shortest, DrawnBar));
        }

        return timings;
    }

    private static IEnumerable<SimulationTiming> Shapes(CancellationToken cancellation)
    {
        var network = Topology.Load("resnet50");
        var dataflows = Enum.GetValues<Dataflow>();
        var layers = dataflows.Length * network.Layers.Count;
        var shortest = Shortest(ShapeRuns, () =>
        {
            foreach (var dataflow in dataflows) Simulation(dataflow).Run(network, null, seed: 1, cancellation: cancellation);
        });
        yield return new SimulationTiming("ResNet-50, shapes, three dataflows", layers, dataflows.Length * Macs(network), shortest, ShapesBar);
        yield return new SimulationTiming("one of these layers", 1, dataflows.Length * Macs(network) / layers, shortest / layers, LayerBar);
    }

    private static double Macs(Topology topology) => topology.Layers.Sum(layer => (double)layer.Shape.Macs);

    private static NetworkSimulation Simulation(Dataflow dataflow)
        => new(new ArraySimulator(ArrayConfiguration.Default with { Array = new ArraySize(16, 16), Dataflow = dataflow }, new ArrayEnergyTable()));

    private static double Shortest(int runs, Action work)
    {
        var shortest = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return shortest;
    }
}
