using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Subbyte.Runtime;

/// <summary>
/// A file whose bytes are read where the operating system maps them: they take no memory of the process's own. What still refers to them when it is closed
/// gets an <see cref="ObjectDisposedException"/>. A file that another program shortens meanwhile ends the process, as for all mapped files of Unix systems.
/// </summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private byte* _bytes;

    private MappedFile(FileStream stream)
    {
        _length = checked((int)stream.Length);
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, _length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The file, to be closed; null where it cannot be mapped: it is empty, of 2 GiB or more, or none that has a length.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MappedFile? Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.CanSeek && stream.Length is > 0 and <= int.MaxValue) return new MappedFile(stream);
        stream.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, "the file of this network, which was closed when its session was ready; PackedNetwork.Load keeps it");
        return new Span<byte>(_bytes, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)GetSpan().Length, nameof(elementIndex));
        return new MemoryHandle(_bytes + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Mapped bytes do not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_bytes is null) return;
        _bytes = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
