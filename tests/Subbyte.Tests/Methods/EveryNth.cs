using Subbyte.Networks;

namespace Subbyte.Tests.Methods;

/// <summary>Every n-th of some samples, from the first on.</summary>
internal sealed class EveryNth(ISampleSource samples, int step) : ISampleSource
{
    public int Count => samples.Count / step;

    public ReadOnlySpan<int> SampleShape => samples.SampleShape;

    public void Read(int index, Span<float> destination) => samples.Read(index * step, destination);
}
