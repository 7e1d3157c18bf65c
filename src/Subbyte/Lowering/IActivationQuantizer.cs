namespace Subbyte.Lowering;

/// <summary>
/// The activation slot of a layer: turns the float input into base codes, elementwise. A base code stands for the real value
/// <c>(code − ZeroPoint)·Scale</c>; what a datapath makes of base codes is an <see cref="IActivationCode"/>.
/// </summary>
public interface IActivationQuantizer
{
    /// <summary>Name of the method that made it.</summary>
    string FilledBy { get; }

    /// <summary>Range of the base codes; it fits 16 bits.</summary>
    CodeRange Range { get; }

    /// <summary>Real value of one step; float32, &gt; 0.</summary>
    float Scale { get; }

    /// <summary>The code of real zero, which padded positions hold.</summary>
    int ZeroPoint { get; }

    /// <summary>Nominal width of a code in bits.</summary>
    double Bits { get; }

    /// <summary>
    /// Step of each input channel where channels have steps of their own, <c>clamp(round half to even(x / step[c]) + ZeroPoint)</c> with the division in
    /// float32; empty where a code depends on the value alone.
    /// </summary>
    ReadOnlySpan<float> ChannelScales => [];

    /// <summary>Encodes values to 16-bit codes.</summary>
    /// <param name="values">Values.</param>
    /// <param name="codes">One code a value.</param>
    void Encode(ReadOnlySpan<float> values, Span<short> codes);

    /// <summary>Encodes values to bytes <c>code + shift</c>, which the caller knows to fit 0..255.</summary>
    /// <param name="values">Values.</param>
    /// <param name="shift">What is added to each code: −<see cref="CodeRange.Lowest"/> or 0.</param>
    /// <param name="codes">One byte a value.</param>
    void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes);
}
