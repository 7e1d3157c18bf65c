using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Maximum of the windows of a map of codes.</summary>
/// <param name="name">Its name.</param>
/// <param name="map">The map that it reads: codes that ascend with what is pooled, of bit planes as thermometer codes.</param>
/// <param name="output">The map that it makes.</param>
/// <param name="geometry">Sizes, in channels.</param>
/// <param name="form">The form of the codes.</param>
/// <param name="flips">Bits of the channels whose codes were flipped.</param>
internal sealed class CodePoolStep(string name, int map, int output, ConvolutionGeometry geometry, CodeForm form, uint[] flips) : PackedStep(name, [map], output)
{
    private readonly ConvolutionGeometry _words = geometry with { InChannels = Math.Max(1, form.Words), OutChannels = Math.Max(1, form.Words) };

    public override string Description => form.Planes == 0 ? "max-pool of bytes" : "max-pool of bits";

    internal override StepKind Kind => throw new NotSupportedException("codes are pooled in a session, not in files");

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var from = frame.Codes(Inputs[0]);
        var to = frame.Codes(Output);
        if (form.Planes == 0)
        {
            BitPooling.Max(from, geometry, to);
            return;
        }

        var words = MemoryMarshal.Cast<byte, uint>(to);
        BitPooling.Union(MemoryMarshal.Cast<byte, uint>(from), _words, words);
        BitPooling.FromThermometer(words, form.Channels, form.Planes, flips);
    }

    internal override void Write(PackedWriter writer) => throw new NotSupportedException("codes are pooled in a session, not in files");
}
