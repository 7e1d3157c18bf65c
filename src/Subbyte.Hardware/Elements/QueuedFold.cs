using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Elements;

/// <summary>
/// A fold of an output-stationary array whose elements put up to two additions a step into a queue of four places and take one out a cycle; all wait
/// while a queue has no room for two. Steps are taken while no queue holds more than two, so that none ever holds more than three: two bits an
/// element, and 64 columns in one word.
/// </summary>
internal sealed class QueuedFold
{
    private const int WordBits = 64;

    /// <summary>Cycles in which a queue runs empty.</summary>
    private const int Drained = 3;

    private readonly int _steps;
    private readonly int _words;
    private readonly int _length;
    private readonly int _skewed;
    private readonly ulong[] _weightCodes;
    private readonly ulong[] _weightErrors;
    private readonly Element[] _elements;
    private bool _isFull;
    private bool _isBusy;

    /// <summary>A fold without weights.</summary>
    /// <param name="array">The array.</param>
    /// <param name="steps">Steps of a dot product.</param>
    /// <param name="rows">Most rows that are used.</param>
    /// <param name="columns">Columns that are used.</param>
    public QueuedFold(ArraySize array, int steps, int rows, int columns)
    {
        (_steps, Columns) = (steps, columns);
        _words = (int)Fold.Count(columns, WordBits);
        _length = checked(steps + array.Rows + array.Columns - 2);
        _skewed = steps + Math.Min(WordBits, columns) - 1;
        _weightCodes = new ulong[checked(_words * _skewed)];
        _weightErrors = new ulong[_weightCodes.Length];
        _elements = new Element[checked(rows * _words)];
    }

    /// <summary>Columns that are used.</summary>
    public int Columns { get; }

    /// <summary>Places a weight where the array's skew has it: each column of a word gets its steps one beat after its neighbour.</summary>
    /// <param name="column">Column.</param>
    /// <param name="step">Step.</param>
    /// <param name="hasCode">Whether its code is not zero.</param>
    /// <param name="hasError">Whether its error code is not zero.</param>
    public void Place(int column, int step, bool hasCode, bool hasError)
    {
        var (word, bit) = Math.DivRem(column, WordBits);
        var place = (word * _skewed) + step + bit;
        if (hasCode) _weightCodes[place] |= 1UL << bit;
        if (hasError) _weightErrors[place] |= 1UL << bit;
    }

    /// <summary>Runs the fold for some positions.</summary>
    /// <param name="codes">Terms whose activation's code is not zero, one bit each [rows][words].</param>
    /// <param name="errors">Terms whose activation's error code is not zero.</param>
    /// <returns>Cycles until the last queue is empty.</returns>
    public long Run(ReadOnlySpan<ulong> codes, ReadOnlySpan<ulong> errors)
    {
        var rows = codes.Length / (int)Fold.Count(_steps, WordBits);
        var moving = _steps + rows + Columns - 2;
        Array.Clear(_elements);
        (_isFull, _isBusy) = (false, false);
        long cycles = 0;
        var time = 0;
        for (; time < moving || _isBusy; cycles++)
        {
            var isReady = !_isFull;
            Cycle(codes, errors, rows, time, isReady);
            if (isReady && time < _length) time++;
        }

        return cycles + _length - time;
    }

    /// <summary>One cycle of the rows that work.</summary>
    private void Cycle(ReadOnlySpan<ulong> codes, ReadOnlySpan<ulong> errors, int rows, int time, bool isReady)
    {
        ulong full = 0, busy = 0;
        var end = Math.Min(rows, time + 1);
        for (var row = Math.Max(0, time - (_skewed + ((_words - 1) * WordBits)) - Drained); row < end; row++)
        {
            for (var word = 0; word < _words; word++)
            {
                ref var element = ref _elements[(row * _words) + word];
                var beat = time - row - (word * WordBits);
                if (isReady && beat >= 0 && beat < _skewed)
                {
                    var (hasCode, hasError) = beat < _steps ? (Bit(codes, rows, row, beat), Bit(errors, rows, row, beat)) : (0, 0);
                    var place = (word * _skewed) + beat;
                    element.Take(hasCode, hasError, _weightCodes[place], _weightErrors[place]);
                }
                else
                {
                    element.Wait();
                }

                full |= element.Low & element.High;
                busy |= element.Low | element.High;
            }
        }

        (_isFull, _isBusy) = (full != 0, busy != 0);
    }

    private static ulong Bit(ReadOnlySpan<ulong> masks, int rows, int row, int step) => (masks[(row * (masks.Length / rows)) + (step / WordBits)] >> (step % WordBits)) & 1;

    /// <summary>Up to 64 elements of a row: what each has waiting, in two bits, and the activations that go by.</summary>
    private struct Element
    {
        private ulong _codes;
        private ulong _errors;

        public ulong Low { get; private set; }

        public ulong High { get; private set; }

        /// <summary>A cycle without a step: one addition less.</summary>
        public void Wait() => (Low, High) = (High & ~Low, High & Low);

        /// <summary>A cycle with a step; at most two additions wait before it, so one at most besides its own.</summary>
        public void Take(ulong hasCode, ulong hasError, ulong weightCodes, ulong weightErrors)
        {
            _codes = (_codes << 1) | hasCode;
            _errors = (_errors << 1) | hasError;
            var (left, x, w) = (High & ~Low, _errors & weightCodes, _codes & weightErrors);
            (Low, High) = (left ^ x ^ w, (left & (x | w)) | (x & w));
        }
    }
}
