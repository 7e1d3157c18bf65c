using Subbyte.Costs;
using Subbyte.Lowering;
using Subbyte.Methods.Pruning;

namespace Subbyte.Methods.Sparq;

/// <summary>
/// What a layer costs on SPARQ's processing elements (section 6). A pair takes one cycle of two n-bit multipliers whatever it holds; the
/// data only tell how many of the multiplications were useful and how many values kept all their bits.
/// </summary>
/// <remarks>
/// Operations of one sample, each counted once an output channel: <c>multiplications.NxW</c> (two a pair), <c>multiplications.useful</c>
/// (those whose activation operand is not zero), <c>pairs.bothZero</c>, <c>pairs.oneZero</c>, <c>pairs.bothNonZero</c>,
/// <c>values.trimmed</c> (non-zero activations that passed a window of fewer than eight bits),
/// <c>values.trimmedExact</c> (those of them that lost nothing), <c>bitOperations</c> (multiplications·N·W).
/// Energy: two multiplications and two additions a pair like every method, and the shifters and weight selectors at the energy of an
/// 8-bit multiplier of the same area (<see cref="SparqArea"/>).
/// </remarks>
public sealed class SparqCost : ICostModel
{
    private readonly DotProductLayer _layer;
    private readonly TrimmingUnit _unit;
    private readonly int _planes;
    private readonly int _weightBits;
    private readonly double _weightStorageBits;
    private readonly long _pairs;
    private readonly bool _sparse;

    /// <summary>The cost of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weight codes.</param>
    /// <param name="unit">The trimming unit.</param>
    /// <param name="sparse">Whether pairs are those of 2:4 sparse weights.</param>
    public SparqCost(DotProductLayer layer, WeightCodes weights, TrimmingUnit unit, bool sparse)
    {
        _layer = layer;
        _unit = unit;
        _sparse = sparse;
        _planes = weights.Planes.Count;
        _weightBits = weights.Planes.Max(plane => plane.Bits);
        _weightStorageBits = sparse ? SparseStorageBits(layer, weights) : weights.StorageBits;
        _pairs = (long)layer.Positions * layer.Outputs * PairsPerRow(layer.Depth, sparse);
        PartnerCounts = sparse ? CountPartners(weights.Single.Codes, layer) : null;
    }

    /// <inheritdoc/>
    public bool NeedsRows => true;

    /// <summary>Name of the window.</summary>
    public string Window => _unit.Window.Name;

    /// <summary>Cycles of one dot product on one processing element.</summary>
    public int Steps => PairsPerRow(_layer.Depth, _sparse) * _planes;

    /// <summary>For sparse weights: of how many output channels the weight at k has its partner at k ⊕ d, [4][depth]; else null.</summary>
    internal int[][]? PartnerCounts { get; }

    /// <summary>
    /// Cycles of a matrix product on an output-stationary array of processing elements:
    /// <c>⌈outputs/rows⌉·⌈positions/columns⌉·(pairs + rows + columns − 2)</c>.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sparse">Whether pairs are those of 2:4 sparse weights.</param>
    /// <param name="rows">Rows of the array.</param>
    /// <param name="columns">Columns of the array.</param>
    /// <returns>Cycles for one sample.</returns>
    public static long ArrayCycles(DotProductLayer layer, bool sparse, int rows, int columns)
    {
        long tiles = (long)((layer.Outputs + rows - 1) / rows) * ((layer.Positions + columns - 1) / columns);
        return tiles * (PairsPerRow(layer.Depth, sparse) + rows + columns - 2);
    }

    /// <inheritdoc/>
    public ICostCounter Start() => new SparqCounter(this);

    /// <summary>The cost of one sample from the values that were seen.</summary>
    /// <param name="alone">Non-zero values by value whose partner was zero, a sample and output channel's mean.</param>
    /// <param name="paired">Non-zero values by value whose partner was not zero.</param>
    /// <param name="observed">Whether any were seen.</param>
    /// <returns>The cost.</returns>
    internal LayerCost Count(ReadOnlySpan<double> alone, ReadOnlySpan<double> paired, bool observed)
    {
        var multiplications = 2.0 * _pairs * _planes;
        var operations = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [$"multiplications.{_unit.Window.Width}x{_weightBits}"] = multiplications,
            ["bitOperations"] = multiplications * _unit.Window.Width * _weightBits,
        };
        if (observed) CountValues(alone, paired, operations);
        return new LayerCost
        {
            Macs = _layer.Macs,
            Operations = operations,
            Cycles = (double)_pairs * _planes,
            EnergyPicojoules = Energy(multiplications),
            WeightStorageBits = _weightStorageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = _unit.Window.Width,
        };
    }

    private static int PairsPerRow(int depth, bool sparse) => sparse ? (depth + 3) / 4 : (depth + 1) / 2;

    private void CountValues(ReadOnlySpan<double> alone, ReadOnlySpan<double> paired, Dictionary<string, double> operations)
    {
        double oneZero = 0, bothNonZero = 0, useful = 0, trimmed = 0, exact = 0;
        var survivorsAreWhole = _unit.Pairs && _unit.Window.Survivor is null;
        for (var value = 1; value < 256; value++)
        {
            oneZero += alone[value];
            bothNonZero += paired[value] / 2;
            useful += paired[value] + (alone[value] * _unit.Prepare(value, 0).Useful);
            trimmed += paired[value] + (survivorsAreWhole ? 0 : alone[value]);
            exact += (_unit.Trim[value] == value ? paired[value] : 0) + (!survivorsAreWhole && _unit.Survivor[value] == value ? alone[value] : 0);
        }

        operations["pairs.bothZero"] = _pairs - oneZero - bothNonZero;
        operations["pairs.oneZero"] = oneZero;
        operations["pairs.bothNonZero"] = bothNonZero;
        operations["multiplications.useful"] = useful * _planes;
        operations["values.trimmed"] = trimmed;
        operations["values.trimmedExact"] = exact;
    }

    private double Energy(double multiplications)
    {
        var table = EnergyTable.Default;
        var steering = table.MultiplyInt8 * SparqArea.Steering(_unit.Window) / 2 / GateArea.Multiplier(8, 8);
        return (multiplications * (table.MultiplyAccumulate(_weightBits, _unit.Window.Width) + steering)) + table.WeightTraffic(_weightStorageBits);
    }

    // Two codes of each four and two bits that say where each was.
    private static double SparseStorageBits(DotProductLayer layer, WeightCodes weights)
    {
        var bits = weights.Single.Bits;
        var groups = (layer.Depth + TwoOfFour.GroupLength - 1) / TwoOfFour.GroupLength;
        return weights.StorageBits - ((double)layer.Outputs * layer.Depth * bits) + ((double)layer.Outputs * groups * TwoOfFour.Kept * (bits + 2));
    }

    private static int[][] CountPartners(short[] codes, DotProductLayer layer)
        => [.. TwoOfFour.SplitByPartner(codes, layer.Depth).Select(split =>
        {
            var counts = new int[layer.Depth];
            for (var i = 0; i < split.Length; i++) counts[i % layer.Depth] += split[i] != 0 ? 1 : 0;
            return counts;
        })];

    /// <summary>Counts values by whether their partner is zero: all that the cost depends on.</summary>
    private sealed class SparqCounter(SparqCost cost) : ICostCounter
    {
        private readonly long[] _seen = new long[512];

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost._layer.Depth;
            for (var start = 0; start < rows.Length; start += depth)
            {
                var row = rows.Slice(start, depth);
                if (cost.PartnerCounts is { } counts) ObserveSparse(row, counts);
                else ObservePairs(row);
            }
        }

        public LayerCost Count(int samples)
        {
            var outputs = cost.PartnerCounts is null ? cost._layer.Outputs : 1;
            var mean = Array.ConvertAll(_seen, count => samples == 0 ? 0 : (double)count * outputs / samples);
            return cost.Count(mean.AsSpan(0, 256), mean.AsSpan(256), samples > 0);
        }

        private void ObservePairs(ReadOnlySpan<short> row)
        {
            var k = 0;
            for (; k + 1 < row.Length; k += 2)
            {
                int first = row[k], second = row[k + 1];
                _seen[first + (second != 0 ? 256 : 0)]++;
                _seen[second + (first != 0 ? 256 : 0)]++;
            }

            if (k < row.Length) _seen[row[k]]++;
        }

        private void ObserveSparse(ReadOnlySpan<short> row, int[][] counts)
        {
            for (var k = 0; k < row.Length; k++)
            {
                _seen[row[k]] += counts[0][k];
                for (var distance = 1; distance < TwoOfFour.GroupLength; distance++)
                {
                    var partner = k ^ distance;
                    if (partner < row.Length) _seen[row[k] + (row[partner] != 0 ? 256 : 0)] += counts[distance][k];
                }
            }
        }
    }
}
