using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A map of codes that a product writes tile by tile.</summary>
/// <param name="Map">The map.</param>
/// <param name="Form">The form of its codes.</param>
/// <param name="Steps">What happens to the product's results before they become codes.</param>
/// <param name="Flips">Where the map is pooled: bits of the channels whose codes descend with what is pooled. Otherwise null.</param>
internal sealed record CodeOutput(int Map, CodeForm Form, IReadOnlyList<ITileStep> Steps, uint[]? Flips)
{
    /// <summary>Integer thresholds in place of the steps, or null.</summary>
    public SumThresholds? Thresholds { get; init; }

    /// <summary>Writes a tile from results.</summary>
    /// <param name="frame">Memory of the run.</param>
    /// <param name="first">The first element of the tile.</param>
    /// <param name="block">The tile.</param>
    /// <param name="room">Takes what steps make of it.</param>
    public void Write(SessionFrame frame, int first, ReadOnlySpan<float> block, Span<float> room)
    {
        room = room[..block.Length];
        for (var i = 0; i < Steps.Count; i++)
        {
            Steps[i].Apply(block, default, room);
            block = room;
        }

        var codes = Tile(frame, first, block.Length);
        Form.Encode(block, codes);
        Finish(codes);
    }

    /// <summary>Writes a tile from sums.</summary>
    /// <param name="frame">Memory of the run.</param>
    /// <param name="first">The first element of the tile.</param>
    /// <param name="sums">The sums of the tile.</param>
    public void Write(SessionFrame frame, int first, ReadOnlySpan<int> sums)
    {
        var codes = Tile(frame, first, sums.Length);
        Thresholds!.Encode(sums, codes);
        Finish(codes);
    }

    private Span<byte> Tile(SessionFrame frame, int first, int count) => frame.Codes(Map).Slice((int)Form.Bytes(first), (int)Form.Bytes(count));

    private void Finish(Span<byte> codes)
    {
        if (Flips is not null && Form.Planes > 0) BitPooling.ToThermometer(MemoryMarshal.Cast<byte, uint>(codes), Form.Channels, Form.Planes, Flips);
    }
}
