using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>
/// A value of the graph that differs from sample to sample, with its gradient, for a whole batch: [sample][position][channel]. Two maps may
/// share their memory where one is computed in place of the other.
/// </summary>
internal sealed class FeatureMap
{
    private readonly int[] _shape;
    private readonly Memory _memory;

    /// <summary>A map with memory of its own.</summary>
    /// <param name="name">Name of the network's value.</param>
    /// <param name="shape">Shape of one sample in ONNX's order: channels first.</param>
    /// <param name="needsGradient">Whether a parameter lies before it.</param>
    public FeatureMap(string name, ReadOnlySpan<int> shape, bool needsGradient)
        : this(name, shape, new Memory { NeedsGradient = needsGradient })
    {
    }

    private FeatureMap(string name, ReadOnlySpan<int> shape, Memory memory)
    {
        (Name, _shape, _memory) = (name, shape.ToArray(), memory);
        Length = checked((int)ElementTypes.ElementCount(shape));
    }

    /// <summary>Name of the network's value.</summary>
    public string Name { get; }

    /// <summary>Shape of one sample in ONNX's order: channels, then positions.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of channels.</summary>
    public int Channels => _shape.Length == 0 ? 1 : _shape[0];

    /// <summary>Number of positions.</summary>
    public int Positions => Length / Math.Max(1, Channels);

    /// <summary>Elements of one sample.</summary>
    public int Length { get; }

    /// <summary>Whether a parameter lies before it, so that its gradient is wanted.</summary>
    public bool NeedsGradient => _memory.NeedsGradient;

    /// <summary>Whether an operator later in the order of the backward pass has to add to the gradient rather than set it.</summary>
    public bool HasGradient
    {
        get => _memory.HasGradient;
        set => _memory.HasGradient = value;
    }

    /// <summary>Another view of the same memory, for an operator that works in place.</summary>
    /// <param name="name">Name of the network's value.</param>
    /// <param name="shape">Shape of one sample, as many elements.</param>
    /// <returns>The view.</returns>
    public FeatureMap InPlace(string name, ReadOnlySpan<int> shape) => new(name, shape, _memory);

    /// <summary>Whether two maps share their memory.</summary>
    /// <param name="other">The other one.</param>
    public bool Shares(FeatureMap other) => ReferenceEquals(_memory, other._memory);

    /// <summary>Takes memory for a batch.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    /// <param name="withGradient">Whether backward passes will run.</param>
    public void Allocate(int samples, bool withGradient)
    {
        var length = checked(samples * Length);
        if (_memory.Values.Length < length) _memory.Values = new float[length];
        if (withGradient && NeedsGradient && _memory.Gradient.Length < length) _memory.Gradient = new float[length];
    }

    /// <summary>Elements of a run of samples.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="count">Number of samples.</param>
    public Span<float> Values(int first, int count) => _memory.Values.AsSpan(first * Length, count * Length);

    /// <summary>Gradient of a run of samples.</summary>
    /// <param name="first">First sample.</param>
    /// <param name="count">Number of samples.</param>
    public Span<float> Gradient(int first, int count) => _memory.Gradient.AsSpan(first * Length, count * Length);

    /// <summary>Name and shape, for messages.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} [{string.Join(",", _shape)}]";

    private sealed class Memory
    {
        public float[] Values { get; set; } = [];

        public float[] Gradient { get; set; } = [];

        public bool NeedsGradient { get; init; }

        public bool HasGradient { get; set; }
    }
}
