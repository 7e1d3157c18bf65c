using System.Numerics;
using Subbyte.Costs;
using Subbyte.Hardware.Arrays;
using Subbyte.Methods.Fpec;

namespace Subbyte.Hardware.Elements;

/// <summary>
/// The cost of a layer on compensated elements with one adder behind a queue, and among its operations <c>cycles.queued</c>: the cycles of an
/// output-stationary array, fold by fold from the values.
/// </summary>
/// <param name="cost">The cost of the layer.</param>
/// <param name="array">The array.</param>
internal sealed class QueuedCost(FpecCost cost, ArraySize array) : ICostModel
{
    /// <summary>The operation that holds the cycles.</summary>
    public const string Cycles = "cycles.queued";

    private const int MostRows = 4096;
    private const int WordBits = 64;
    private static readonly int FinalCycles = FpecProcessingElement.Cycles(0, 0, 1);

    private int Depth => cost.Layer.Depth;

    /// <inheritdoc/>
    public bool NeedsRows => true;

    /// <inheritdoc/>
    public ICostCounter Start() => new Counter(this, cost);

    /// <summary>Rows that are gathered before their folds are run: whole folds, since those go over the filters again and again.</summary>
    private int Gathered => Math.Min(cost.Layer.Positions, array.Rows * Math.Max(1, MostRows / array.Rows));

    /// <summary>Runs all folds of some positions.</summary>
    private long Run(ReadOnlySpan<ulong> codes, ReadOnlySpan<ulong> errors, int positions, int group)
    {
        var filters = cost.Layer.Outputs / cost.Layer.Groups;
        long cycles = 0;
        for (var first = 0; first < filters; first += array.Columns)
        {
            var fold = new QueuedFold(array, Depth, Math.Min(array.Rows, positions), Math.Min(array.Columns, filters - first));
            for (var column = 0; column < fold.Columns; column++) Place(fold, column, (group * filters) + first + column);
            for (var position = 0; position < positions; position += array.Rows)
            {
                var (start, length) = (position * cost.MaskLength, Math.Min(array.Rows, positions - position) * cost.MaskLength);
                cycles += fold.Run(codes.Slice(start, length), errors.Slice(start, length)) + FinalCycles;
            }
        }

        return cycles;
    }

    private void Place(QueuedFold fold, int column, int output)
    {
        var codes = cost.CodeMask(output);
        var errors = cost.ErrorMask(output);
        for (var word = 0; word < codes.Length; word++)
        {
            for (var bits = codes[word] | errors[word]; bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                fold.Place(column, (word * WordBits) + bit, ((codes[word] >> bit) & 1) != 0, ((errors[word] >> bit) & 1) != 0);
            }
        }
    }

    /// <summary>Gathers the masks of patch rows until their folds can be run.</summary>
    private sealed class Counter(QueuedCost queued, FpecCost cost) : ICostCounter
    {
        private readonly ICostCounter _counter = cost.Start();
        private readonly ulong[] _codes = new ulong[checked(queued.Gathered * cost.MaskLength)];
        private readonly ulong[] _errors = new ulong[checked(queued.Gathered * cost.MaskLength)];
        private int _gathered;
        private int _seen;
        private long _cycles;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            _counter.Observe(rows, group);
            for (var start = 0; start < rows.Length; start += queued.Depth)
            {
                var place = _gathered * cost.MaskLength;
                cost.Mask(rows.Slice(start, queued.Depth), _codes.AsSpan(place, cost.MaskLength), _errors.AsSpan(place, cost.MaskLength));
                _gathered++;
                _seen++;
                if (_gathered < queued.Gathered && _seen < cost.Layer.Positions) continue;
                _cycles += queued.Run(_codes, _errors, _gathered, group);
                _gathered = 0;
                _seen %= cost.Layer.Positions;
            }
        }

        public LayerCost Count(int samples)
        {
            var counted = _counter.Count(samples);
            if (samples == 0) return counted;
            return counted with { Operations = new Dictionary<string, double>(counted.Operations, StringComparer.Ordinal) { [Cycles] = _cycles / (double)samples } };
        }
    }
}
