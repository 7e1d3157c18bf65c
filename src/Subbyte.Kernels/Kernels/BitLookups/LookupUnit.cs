using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>The same 64 bits of neighbouring pixels: two words of one plane, or one of each of two planes.</summary>
/// <param name="Words">Those of the first pixel.</param>
/// <param name="Stride">Words from one pixel to the next.</param>
/// <param name="Last">The last pixel; those behind it are as this one.</param>
/// <param name="Planes">1 or 2.</param>
/// <param name="IsWord">Whether only one word is there.</param>
internal readonly unsafe record struct LookupUnit(nint Words, nint Stride, nint Last, int Planes, bool IsWord)
{
    /// <summary>The bits of a pixel.</summary>
    /// <param name="pixel">Which.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(nint pixel)
    {
        var from = (uint*)Words + (Math.Min(pixel, Last) * Stride);
        return IsWord ? *from : Unsafe.ReadUnaligned<ulong>(from);
    }
}
