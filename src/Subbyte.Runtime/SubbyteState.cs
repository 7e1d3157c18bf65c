namespace Subbyte.Runtime;

/// <summary>
/// What a network carries from one run to the next, such as the states of an LSTM that reads a text word by word. Begins with zeros; each sequence has
/// one of its own, which one run at a time may use.
/// </summary>
public sealed class SubbyteState
{
    private readonly float[] _values;

    internal SubbyteState(int length) => _values = new float[length];

    /// <summary>The states, one after the other in the order of the network.</summary>
    public Span<float> Values => _values;

    /// <summary>Back to the beginning of a sequence.</summary>
    public void Clear() => Array.Clear(_values);
}
