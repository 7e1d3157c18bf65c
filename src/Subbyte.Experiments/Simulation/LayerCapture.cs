using System.Globalization;
using Subbyte.Calibration;
using Subbyte.Costs;
using Subbyte.Hardware.Rtl;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>Takes one layer of a network with its codes and the base codes of real patch rows.</summary>
public static class LayerCapture
{
    /// <summary>Captures a layer.</summary>
    /// <param name="task">Network and data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="nameOrIndex">The layer's name or its index in execution order.</param>
    /// <param name="positions">Most positions, from the first sample on; those of one sample when null.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="UserErrorException">There is no such layer, or the recipe leaves it in fp32.</exception>
    public static RtlLayer Of(EvaluationTask task, Recipe recipe, string nameOrIndex, int? positions, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(recipe);
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, threads);
        var network = recipe.Apply(task.Network, calibrator, cancellation);
        var layer = Find(calibrator.For(network.Network).Layers, nameOrIndex);
        if (!network.Layers.TryGetValue(layer.Name, out var lowered) || lowered.Input is null || recipe.Draft(layer) is not { } draft)
            throw new UserErrorException($"layer '{layer.Name}' stays in fp32 under '{recipe.Text}'; choose another layer or recipe");
        var rows = new CapturedRows(layer.Depth, positions ?? layer.Positions);
        var capturing = network.With(new Dictionary<string, LoweredLayer>(network.Layers, StringComparer.Ordinal) { [layer.Name] = lowered with { Cost = rows } });
        var plan = ExecutionPlan.Compile(capturing, new ExecutionOptions { FuseActivations = false });
        var costs = new LayerCosts(plan, LayerList.Of(network.Network));
        var frame = new ExecutionFrame(plan);
        for (var sample = 0; sample < task.Samples.Count && !rows.IsFull; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            frame.Read(task.Samples, sample);
            frame.Run(costs);
        }

        return new RtlLayer(draft, rows.ToArray());
    }

    private static DotProductLayer Find(IReadOnlyList<DotProductLayer> layers, string nameOrIndex)
    {
        if (layers.FirstOrDefault(layer => layer.Name == nameOrIndex) is { } named) return named;
        if (int.TryParse(nameOrIndex, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < layers.Count) return layers[index];
        throw new UserErrorException($"there is no layer '{nameOrIndex}'; the network's are 0 … {layers.Count - 1}: {string.Join(", ", layers.Take(6).Select(layer => layer.Name))}{(layers.Count > 6 ? " …" : "")}");
    }

    /// <summary>A cost model that costs nothing and keeps the rows that it is shown.</summary>
    private sealed class CapturedRows(int depth, int positions) : ICostModel, ICostCounter
    {
        private readonly List<short> _rows = [];

        public bool NeedsRows => true;

        public bool IsFull => _rows.Count >= (long)positions * depth;

        public short[] ToArray() => [.. _rows];

        public ICostCounter Start() => this;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            if (group == 0) _rows.AddRange(rows[..(int)Math.Min(rows.Length, ((long)positions * depth) - _rows.Count)]);
        }

        public LayerCost Count(int samples) => throw new NotSupportedException("rows are captured, not counted");
    }
}
