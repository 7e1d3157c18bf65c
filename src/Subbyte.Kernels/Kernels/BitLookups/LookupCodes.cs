using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Bit planes as codes that tables are looked up by. The words of a pixel are taken 64 bits at a time, a unit: two words of one plane, or one of each of two
/// planes. A group is the bits of a unit that make one code; the last unit of a pixel has as many groups as its channels need.
/// </summary>
/// <param name="channels">Channels of a pixel.</param>
/// <param name="planes">1 or 2.</param>
/// <param name="bits">Bits of a code.</param>
internal readonly struct LookupCodes(int channels, int planes, int bits)
{
    private const int BitsOfUnit = 64;

    /// <summary>Units of a pixel.</summary>
    public int Units => (channels + ChannelsOfUnit - 1) / ChannelsOfUnit;

    /// <summary>Groups of a whole unit.</summary>
    public int GroupsOfUnit => Count(ChannelsOfUnit);

    /// <summary>Groups of a pixel.</summary>
    public int Groups => ((Units - 1) * GroupsOfUnit) + Count(channels - ((Units - 1) * ChannelsOfUnit));

    /// <summary>Words of a pixel.</summary>
    public int WordsOfPixel => BitPacking.Words(channels) * planes;

    private int ChannelsOfUnit => BitsOfUnit / planes;

    /// <summary>The code of a group: bits of one plane, or half of them of each plane.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="group">The group.</param>
    public int Code(ulong unit, int group)
    {
        if (planes == 1) return (int)(unit >> (group * bits)) & ((1 << bits) - 1);
        var half = (1 << (bits / 2)) - 1;
        return ((int)((uint)unit >> (group * bits / 2)) & half) | (((int)(unit >> ((BitsOfUnit / 2) + (group * bits / 2))) & half) << (bits / 2));
    }

    /// <summary>Writes where the tables of the codes of neighbouring pixels begin, in bytes.</summary>
    /// <typeparam name="TVector">Vectors of the tables.</typeparam>
    /// <param name="words">Words of the first pixel.</param>
    /// <param name="stride">Words from one pixel to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="offsets">Takes the offsets [group][pixel], of which whole blocks of pixels are written.</param>
    /// <param name="pitch">Offsets from one group to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Encode<TVector>(uint* words, nint stride, int pixels, ushort* offsets, nint pitch) where TVector : struct, ILookupVector<TVector>
    {
        int units = Units, groups = Groups, groupsOfUnit = GroupsOfUnit, wordsOfPixel = WordsOfPixel;
        for (var pixel = 0; pixel < pixels; pixel += TVector.Pixels)
        {
            for (var unit = 0; unit < units; unit++)
            {
                var from = words + (pixel * stride) + (2 * unit);
                var bitsOfUnit = new LookupUnit((nint)from, stride, pixels - pixel - 1, planes, (2 * unit) + 1 == wordsOfPixel);
                TVector.Encode(bitsOfUnit, Math.Min(groupsOfUnit, groups - (unit * groupsOfUnit)), offsets + pixel + (unit * groupsOfUnit * pitch), pitch);
            }
        }
    }

    private int Count(int channelsOfUnit) => (channelsOfUnit + (bits / planes) - 1) / (bits / planes);
}
