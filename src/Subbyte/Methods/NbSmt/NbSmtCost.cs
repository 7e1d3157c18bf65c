using System.Numerics;
using Subbyte.Costs;
using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// What a layer costs on an array whose multipliers are shared by threads (section 6). Cycles depend on sizes alone; the data tell in how many of
/// them a multiplier works, which drives energy.
/// </summary>
/// <remarks>
/// Operations of one sample: <c>multiplierCycles</c> (positions · outputs · cycles of a dot product), <c>multiplierCycles.busy</c> (at least one thread
/// active), <c>multiplierCycles.collided</c> (two or more), <c>products.nonZero</c> (both operands not zero). Counted from activity patterns of each
/// cycle's operands, on the activations' and on the weights' side, never product by product. Energy: the products of plain INT8 by the energy table,
/// times what this array needs for the layer over what the array of one thread needs at 80 % utilization; plus weight traffic.
/// </remarks>
public sealed class NbSmtCost : ICostModel
{
    private readonly DotProductLayer _layer;
    private readonly ThreadArrangement _threads;
    private readonly double _weightStorageBits;
    private readonly long[] _weightPatterns;

    /// <summary>The cost of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weight codes.</param>
    /// <param name="threads">Which operands share a multiplier.</param>
    public NbSmtCost(DotProductLayer layer, WeightCodes weights, ThreadArrangement threads)
    {
        _layer = layer;
        _threads = threads;
        _weightStorageBits = weights.StorageBits;
        _weightPatterns = new long[layer.Groups * PatternsOfGroup];
        var outputs = layer.Outputs / layer.Groups;
        for (var m = 0; m < layer.Outputs; m++)
            CountPatterns(weights.Single.Codes.AsSpan(m * layer.Depth, layer.Depth), _weightPatterns.AsSpan(m / outputs * PatternsOfGroup, PatternsOfGroup));
    }

    /// <inheritdoc/>
    public bool NeedsRows => true;

    /// <summary>Threads that share a multiplier.</summary>
    public int Threads => _threads.Threads;

    /// <summary>Cycles of one dot product.</summary>
    public int Cycles => _threads.Cycles;

    private int Patterns => 1 << _threads.Threads;

    private int PatternsOfGroup => _threads.Cycles * Patterns;

    /// <inheritdoc/>
    public ICostCounter Start() => new Counter(this);

    /// <summary>Cycles of the layer on the array for one sample.</summary>
    /// <param name="rowCycles">Cycles of one dot product.</param>
    /// <returns>Cycles of all groups.</returns>
    private double ArrayCycles(int rowCycles) => (double)_layer.Groups * NbSmtArray.Cycles(_layer.Positions, _layer.Outputs / _layer.Groups, rowCycles);

    /// <summary>Counts which threads' operands are not zero, cycle by cycle.</summary>
    private void CountPatterns(ReadOnlySpan<short> row, Span<long> counts)
    {
        for (var cycle = 0; cycle < _threads.Cycles; cycle++)
        {
            var pattern = 0;
            var operands = _threads.Operands(cycle);
            for (var thread = 0; thread < operands.Length; thread++)
            {
                if (operands[thread] >= 0 && row[operands[thread]] != 0) pattern |= 1 << thread;
            }

            counts[(cycle * Patterns) + pattern]++;
        }
    }

    private LayerCost Count(long[] activationPatterns, int samples)
    {
        var total = (double)_layer.Positions * _layer.Outputs * _threads.Cycles;
        var operations = new Dictionary<string, double>(StringComparer.Ordinal) { ["multiplierCycles"] = total };
        var utilization = NbSmtArray.StatedUtilization;
        if (samples > 0)
        {
            Span<double> active = stackalloc double[_threads.Threads + 1];
            CountActive(activationPatterns, samples, active);
            double busy = 0, collided = 0, products = 0;
            for (var threads = 1; threads < active.Length; threads++)
            {
                busy += active[threads];
                collided += threads > 1 ? active[threads] : 0;
                products += threads * active[threads];
            }

            operations["multiplierCycles.busy"] = busy;
            operations["multiplierCycles.collided"] = collided;
            operations["products.nonZero"] = products;
            utilization = busy / total;
        }

        var cycles = ArrayCycles(_threads.Cycles);
        var relative = cycles / ArrayCycles(_layer.Depth) * NbSmtArray.RelativePower(_threads.Threads, utilization);
        return new LayerCost
        {
            Macs = _layer.Macs,
            Operations = operations,
            Cycles = cycles,
            EnergyPicojoules = (_layer.Macs * EnergyTable.Default.MultiplyAccumulate(8, 8) * relative) + EnergyTable.Default.WeightTraffic(_weightStorageBits),
            WeightStorageBits = _weightStorageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = 8,
        };
    }

    /// <summary>Cycles of one sample by the number of active threads: those active on both sides.</summary>
    private void CountActive(long[] activationPatterns, int samples, Span<double> active)
    {
        for (var first = 0; first < _weightPatterns.Length; first += Patterns)
        {
            for (var x = 0; x < Patterns; x++)
            {
                if (activationPatterns[first + x] == 0) continue;
                for (var w = 0; w < Patterns; w++)
                    active[BitOperations.PopCount((uint)(x & w))] += (double)activationPatterns[first + x] * _weightPatterns[first + w] / samples;
            }
        }
    }

    private sealed class Counter(NbSmtCost cost) : ICostCounter
    {
        private readonly long[] _patterns = new long[cost._weightPatterns.Length];

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost._layer.Depth;
            var counts = _patterns.AsSpan(group * cost.PatternsOfGroup, cost.PatternsOfGroup);
            for (var start = 0; start < rows.Length; start += depth) cost.CountPatterns(rows.Slice(start, depth), counts);
        }

        public LayerCost Count(int samples) => cost.Count(_patterns, samples);
    }
}
