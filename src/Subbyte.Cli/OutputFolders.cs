namespace Subbyte.Cli;

/// <summary>Folders that results go to.</summary>
internal static class OutputFolders
{
    /// <summary>Refuses a folder that cannot be written, before any work is done.</summary>
    /// <param name="folder">The folder; it is made when it is absent.</param>
    /// <exception cref="UserErrorException">It cannot be made or written.</exception>
    public static void RequireWritable(string folder)
    {
        var probe = Path.Combine(folder, $".subbyte-{Environment.ProcessId}");
        Files.WriteAtomically(probe, _ => { });
        File.Delete(probe);
    }
}
