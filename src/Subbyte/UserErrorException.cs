namespace Subbyte;

/// <summary>
/// Something that the user gave (a file, an option, a network, a data set) cannot be used. The message is one line: what, where
/// (file, node, offset), why, and the way out; a command line prints it as it is and ends with code 2.
/// </summary>
/// <remarks>Names taken from a hostile file may hold control characters; they are replaced so that the message stays one line.</remarks>
public sealed class UserErrorException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: what, where, why, and the way out.</param>
    public UserErrorException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Creates the error from the failure that revealed it.</summary>
    /// <param name="message">One line: what, where, why, and the way out.</param>
    /// <param name="innerException">The failure underneath, for a debugger.</param>
    public UserErrorException(string message, Exception innerException)
        : base(OneLine(message), innerException)
    {
    }

    private static string OneLine(string message) =>
        string.Create(message.Length, message, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
}
