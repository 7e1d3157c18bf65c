namespace Subbyte.Data.Downloads;

/// <summary>A download stopped for a reason that may pass: trying again goes on where it stopped.</summary>
internal sealed class InterruptedDownloadException(string message, Exception? innerException = null) : Exception(message, innerException);
