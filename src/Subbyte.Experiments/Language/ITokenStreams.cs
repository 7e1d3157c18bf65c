namespace Subbyte.Experiments.Language;

/// <summary>Some of a text's streams, side by side, each with a state of its own that begins at zero. Used by one thread.</summary>
internal interface ITokenStreams
{
    /// <summary>Logits of the words after the last step, [stream][word].</summary>
    ReadOnlySpan<float> Logits { get; }

    /// <summary>Makes a step of all streams.</summary>
    /// <param name="step">Its number.</param>
    void Advance(int step);
}
