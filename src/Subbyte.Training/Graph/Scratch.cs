using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>Memory of one worker, used by one operator after the other; its content is arbitrary.</summary>
/// <param name="floats">Number of floats.</param>
/// <param name="panelElements">Room for a packed operand.</param>
internal sealed class Scratch(int floats, int panelElements)
{
    private readonly float[] _floats = GC.AllocateArray<float>(floats, pinned: true);

    /// <summary>Room for an operand that is packed on the way.</summary>
    public PackedFloatMatrix Panels { get; } = PackedFloatMatrix.Zeros(1, (panelElements + 15) / 16);

    /// <summary>The floats.</summary>
    public Span<float> Floats => _floats;
}
