namespace Subbyte.Networks;

/// <summary>Samples in the form in which a network's input takes them, read by index.</summary>
/// <remarks>Reading is safe from several threads at once.</remarks>
public interface ISampleSource
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Shape of one sample, without the batch dimension (for images: channels, height, width).</summary>
    ReadOnlySpan<int> SampleShape { get; }

    /// <summary>Reads one sample.</summary>
    /// <param name="index">Its number, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="destination">Takes its values in row-major order of <see cref="SampleShape"/>; exactly as long as that.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length than a sample.</exception>
    void Read(int index, Span<float> destination);
}
