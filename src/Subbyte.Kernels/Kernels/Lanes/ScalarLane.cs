namespace Subbyte.Kernels;

/// <summary>One lane, by plain scalar code.</summary>
/// <param name="value">The lane.</param>
internal readonly unsafe struct ScalarLane(float value) : IFloatLanes<ScalarLane>
{
    private readonly float _value = value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <summary>The lane.</summary>
    public float Value => _value;

    /// <summary>The lane as a 32-bit integer.</summary>
    public int Int32 => BitConverter.SingleToInt32Bits(_value);

    /// <inheritdoc/>
    public static ScalarLane Create(float value) => new(value);

    /// <inheritdoc/>
    public static ScalarLane CreateInt32(int value) => new(BitConverter.Int32BitsToSingle(value));

    /// <inheritdoc/>
    public static ScalarLane Load(float* from) => new(*from);

    /// <inheritdoc/>
    public void Store(float* to) => *to = _value;

    /// <inheritdoc/>
    public static ScalarLane operator +(ScalarLane a, ScalarLane b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static ScalarLane operator -(ScalarLane a, ScalarLane b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static ScalarLane operator *(ScalarLane a, ScalarLane b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static ScalarLane operator /(ScalarLane a, ScalarLane b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static ScalarLane operator &(ScalarLane a, ScalarLane b) => CreateInt32(a.Int32 & b.Int32);

    /// <inheritdoc/>
    public static ScalarLane operator |(ScalarLane a, ScalarLane b) => CreateInt32(a.Int32 | b.Int32);

    /// <inheritdoc/>
    public static ScalarLane operator >(ScalarLane a, ScalarLane b) => Mask(a._value > b._value);

    /// <inheritdoc/>
    public static ScalarLane operator <(ScalarLane a, ScalarLane b) => Mask(a._value < b._value);

    /// <inheritdoc/>
    public static ScalarLane AreEqual(ScalarLane a, ScalarLane b) => Mask(a._value == b._value);

    /// <inheritdoc/>
    public static ScalarLane Select(ScalarLane mask, ScalarLane a, ScalarLane b) => mask.Int32 != 0 ? a : b;

    /// <inheritdoc/>
    public static ScalarLane Max(ScalarLane a, ScalarLane b) => a._value > b._value ? a : b;

    /// <inheritdoc/>
    public static ScalarLane Min(ScalarLane a, ScalarLane b) => a._value < b._value ? a : b;

    /// <inheritdoc/>
    public static ScalarLane FusedMultiplyAdd(ScalarLane a, ScalarLane b, ScalarLane c) => new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static ScalarLane SquareRoot(ScalarLane a) => new(MathF.Sqrt(a._value));

    /// <inheritdoc/>
    public static ScalarLane Truncate(ScalarLane a) => new(MathF.Truncate(a._value));

    /// <inheritdoc/>
    public static ScalarLane AddInt32(ScalarLane a, ScalarLane b) => CreateInt32(a.Int32 + b.Int32);

    /// <inheritdoc/>
    public static ScalarLane SubtractInt32(ScalarLane a, ScalarLane b) => CreateInt32(a.Int32 - b.Int32);

    /// <inheritdoc/>
    public static ScalarLane ShiftLeft(ScalarLane a, int count) => CreateInt32(a.Int32 << count);

    /// <inheritdoc/>
    public static ScalarLane ShiftRight(ScalarLane a, int count) => CreateInt32(a.Int32 >> count);

    /// <inheritdoc/>
    public static ScalarLane FromInt32(ScalarLane a) => new(a.Int32);

    /// <inheritdoc/>
    public static ScalarLane RoundToInt32(ScalarLane a) => CreateInt32((int)MathF.Round(a._value));

    private static ScalarLane Mask(bool value) => CreateInt32(value ? -1 : 0);
}
