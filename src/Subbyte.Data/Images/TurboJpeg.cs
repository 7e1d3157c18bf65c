using System.Runtime.InteropServices;

namespace Subbyte.Data.Images;

/// <summary>
/// libturbojpeg (the TurboJPEG C interface of libjpeg-turbo 1.5 to 3), where it is installed. Nothing links to it: it is looked for when the first
/// JPEG file is decoded. Accurate DCT and smooth chroma, as other libraries decode by default.
/// </summary>
internal sealed unsafe class TurboJpeg
{
    private const int FormatRgb = 0;
    private const int FormatCmyk = 11;
    private const int ColorspaceCmyk = 3;
    private const int ColorspaceYcck = 4;
    private const int AccurateDct = 4096;
    private const int LimitScans = 32768;
    private const int SeverityWarning = 0;

    /// <summary>
    /// A Huffman-coded block of 64 pixels takes a bit at least, so a byte holds at most 512 pixels. A header that promises more than twice that
    /// has no image behind it.
    /// </summary>
    private const int MostPixelsPerByte = 1024;

    private readonly delegate* unmanaged[Cdecl]<nint> _initDecompress;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int> _decompressHeader;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _destroy;
    private readonly delegate* unmanaged[Cdecl]<nint, nint> _errorText;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _errorSeverity;

    private TurboJpeg(nint library)
    {
        _initDecompress = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitDecompress");
        _decompressHeader = (delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int>)NativeLibrary.GetExport(library, "tjDecompressHeader3");
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int>)NativeLibrary.GetExport(library, "tjDecompress2");
        _destroy = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjDestroy");
        _errorText = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
        _errorSeverity = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjGetErrorCode");
    }

    /// <summary>How a JPEG file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0xff, 0xd8, 0xff];

    /// <summary>The installed library, or <see langword="null"/> where there is none.</summary>
    public static TurboJpeg? Default => Installed.Value;

    private static Lazy<TurboJpeg?> Installed { get; } = new(() => Find(["libturbojpeg.so.0", "turbojpeg", "libturbojpeg.dylib", "libturbojpeg.0.dylib"]));

    /// <summary>Looks for the library.</summary>
    /// <param name="names">Its possible names, the first that is found and complete is taken.</param>
    /// <returns>The library, or <see langword="null"/>.</returns>
    public static TurboJpeg? Find(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                if (NativeLibrary.TryLoad(name, typeof(TurboJpeg).Assembly, searchPath: null, out var library)) return new TurboJpeg(library);
            }
            catch (EntryPointNotFoundException)
            {
                // Older than 1.5; perhaps another name leads to a newer one.
            }
        }

        return null;
    }

    /// <summary>Insists on the library.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="path">The file that needs it.</param>
    /// <returns>The library.</returns>
    /// <exception cref="UserErrorException">There is none; the message names the package.</exception>
    public static TurboJpeg Require(TurboJpeg? found, string path) =>
        found ?? throw new UserErrorException($"{path}: decoding JPEG needs libturbojpeg, which is not installed; install it (Debian, Ubuntu: libturbojpeg0 or libturbojpeg; Fedora: turbojpeg; macOS: jpeg-turbo), or convert the images to PNG");

    /// <summary>Decodes a JPEG file.</summary>
    /// <param name="path">Its name in errors.</param>
    /// <param name="file">Its bytes.</param>
    /// <returns>The image, to be disposed by the caller.</returns>
    /// <exception cref="UserErrorException">It is damaged, too large, or of a kind that cannot be decoded.</exception>
    public PixelImage Decode(string path, ReadOnlySpan<byte> file)
    {
        var handle = _initDecompress();
        if (handle == 0) throw new UserErrorException($"{path}: libturbojpeg cannot begin: {ErrorText(0)}");
        PixelImage? image = null;
        try
        {
            fixed (byte* bytes = file)
            {
                int width, height, subsampling, colorspace;
                if (_decompressHeader(handle, bytes, new CULong((uint)file.Length), &width, &height, &subsampling, &colorspace) != 0) throw Damaged(path, handle);
                if (width == 0 || height == 0) throw new UserErrorException($"{path}: cannot be decoded as JPEG: it ends before the size of the image; it is truncated");
                ImageLimits.Check(path, width, height);
                if ((long)width * height / MostPixelsPerByte > file.Length)
                    throw new UserErrorException($"{path}: its header says {width} x {height} pixels, which {file.Length} bytes cannot hold; it is truncated or damaged");
                var isCmyk = colorspace is ColorspaceCmyk or ColorspaceYcck;
                image = PixelImage.Rent(width, height, isCmyk ? 4 : PixelImage.Channels);
                fixed (byte* pixels = image.Memory)
                {
                    var status = _decompress(handle, bytes, new CULong((uint)file.Length), pixels, width, 0, height, isCmyk ? FormatCmyk : FormatRgb, AccurateDct | LimitScans);
                    if (status != 0 && !IsHarmless(handle)) throw Damaged(path, handle);
                }

                if (isCmyk) ToRgb(image.Memory, width * height);
            }

            (var decoded, image) = (image, null);
            return decoded;
        }
        finally
        {
            image?.Dispose();
            _destroy(handle);
        }
    }

    /// <summary>Cameras leave bytes between segments; the image is whole all the same.</summary>
    private bool IsHarmless(nint handle) =>
        _errorSeverity(handle) == SeverityWarning && ErrorText(handle).Contains("extraneous bytes", StringComparison.Ordinal);

    private UserErrorException Damaged(string path, nint handle) => new($"{path}: cannot be decoded as JPEG: {ErrorText(handle)}");

    private string ErrorText(nint handle) => Marshal.PtrToStringUTF8(_errorText(handle)) ?? "unknown error";

    /// <summary>Printers' JPEG files hold 255 minus the ink; converted in place, a pixel of four bytes becoming one of three.</summary>
    private static void ToRgb(Span<byte> pixels, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var black = pixels[(4 * i) + 3];
            for (var c = 0; c < PixelImage.Channels; c++) pixels[(3 * i) + c] = (byte)(((pixels[(4 * i) + c] * black) + 127) / 255);
        }
    }
}
