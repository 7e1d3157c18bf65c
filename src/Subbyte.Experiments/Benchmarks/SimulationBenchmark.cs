using System.Diagnostics;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;
using Subbyte.Methods;

namespace Subbyte.Experiments;

/// <summary>How long a simulation takes.</summary>
/// <param name="Name">What is simulated.</param>
/// <param name="Macs">Multiply-accumulates of the network.</param>
/// <param name="Milliseconds">The shortest of the runs.</param>
/// <param name="Bar">Milliseconds that it may take.</param>
public sealed record SimulationTiming(string Name, double Macs, double Milliseconds, double Bar);

/// <summary>Times the simulator: shapes alone, and every layer of ResNet-18 with drawn values, exactly.</summary>
public static class SimulationBenchmark
{
    private const double ShapesBar = 50;
    private const double DrawnBar = 10_000;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="step">Told of each simulation.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The timings.</returns>
    public static IReadOnlyList<SimulationTiming> Run(Action<string> step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        var timings = new List<SimulationTiming>();
        var shapes = Topology.Load("resnet50");
        step("shapes");
        timings.Add(Time("ResNet-50, shapes, three dataflows", shapes, ShapesBar, runs: 20, () =>
        {
            foreach (var dataflow in Enum.GetValues<Dataflow>()) _ = Simulation(dataflow).Run(shapes, null, seed: 1, cancellation);
        }));
        var network = Topology.Load("resnet18");
        foreach (var method in new[] { "nb-smt:threads=2", "laconic", "bit-pragmatic" })
        {
            step(method);
            timings.Add(Time($"ResNet-18, drawn values, {method}", network, DrawnBar, runs: 1, () => _ = Simulation(Dataflow.OutputStationary).Run(network, Recipe.Parse(method), seed: 1, cancellation)));
        }

        return timings;
    }

    private static NetworkSimulation Simulation(Dataflow dataflow)
        => new(new ArraySimulator(ArrayConfiguration.Default with { Array = new ArraySize(16, 16), Dataflow = dataflow }, new ArrayEnergyTable()));

    private static SimulationTiming Time(string name, Topology topology, double bar, int runs, Action work)
    {
        var shortest = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new SimulationTiming(name, topology.Layers.Sum(layer => (double)layer.Shape.Macs), shortest, bar);
    }
}
