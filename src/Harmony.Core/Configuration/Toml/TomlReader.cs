namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads TOML 1.0.</summary>
public static class TomlReader
{
    /// <summary>
    /// Reads a document. Bad input never throws: every mistake goes to <paramref name="problems"/>, at most
    /// 20 of them and one per line, and reading goes on with the next statement.
    /// </summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="file">The file as the user would name it; becomes part of every location.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="options">What to accept; TOML 1.0 as it is when left out.</param>
    /// <returns>What could be read. Complete only when nothing was added to <paramref name="problems"/>.</returns>
    public static TomlTable Read(ReadOnlySpan<byte> utf8, string file, ConfigProblems problems, TomlReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(problems);
        var errors = new TomlErrors(problems);
        var root = new TomlTable(new SourceLocation(file, 0, 0), TomlTableOrigin.Header);
        var text = TomlDecoder.Decode(utf8, file, errors);
        if (text is not null && TomlHints.ForOtherFormat(text) is { } format)
        {
            errors.Report(new SourceLocation(file, format.Line, 1), $"this looks like {format.Name}; a configuration is written in TOML, as docs/configuration.md shows");
        }
        else if (text is not null) new TomlDocumentReader(new TomlCursor(text, file), errors, options ?? new TomlReaderOptions(), root).Read();
        return root;
    }
}
