namespace Subbyte.Runtime;

/// <summary>A <c>.subbyte</c> file is not what its format says; the message names the offset.</summary>
public sealed class PackedFormatException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: what, where, why.</param>
    public PackedFormatException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: what, where, why.</param>
    /// <param name="innerException">The failure underneath.</param>
    public PackedFormatException(string message, Exception innerException)
        : base(OneLine(message), innerException)
    {
    }

    /// <summary>Creates the error.</summary>
    public PackedFormatException()
    {
    }

    /// <summary>Names come from the file and may hold anything.</summary>
    private static string OneLine(string message) => string.Concat(message.Select(c => char.IsControl(c) ? '?' : c));
}
