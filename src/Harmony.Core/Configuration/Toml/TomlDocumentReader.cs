namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads a document statement by statement: headers, and keys with values.</summary>
internal sealed class TomlDocumentReader
{
    private readonly TomlCursor _cursor;
    private readonly TomlErrors _errors;
    private readonly TomlTrivia _trivia;
    private readonly TomlRecovery _recovery;
    private readonly TomlPairReader _pairs;
    private readonly TomlKeyBinder _keys;
    private readonly TomlHeaderReader _headers;
    private TomlSection _section;

    public TomlDocumentReader(TomlCursor cursor, TomlErrors errors, TomlReaderOptions options, TomlTable root)
    {
        _cursor = cursor;
        _errors = errors;
        _trivia = new TomlTrivia(cursor, errors);
        _recovery = new TomlRecovery(cursor);
        _pairs = new TomlValueReader(cursor, errors, options).Pairs;
        _keys = new TomlKeyBinder(errors);
        _headers = new TomlHeaderReader(cursor, errors, new TomlHeaderBinder(errors, options.MaxDepth, root), options.MaxDepth);
        _section = new TomlSection(root, "", 0);
    }

    /// <summary>Reads to the end, or until so much is wrong that nobody would read more of it.</summary>
    public void Read()
    {
        for (_trivia.Skip(); !_cursor.AtEnd && !_errors.IsFull; _trivia.Skip())
        {
            if (_cursor.Current == '[') ReadHeader();
            else ReadPair();
        }
    }

    private void ReadHeader()
    {
        if (_headers.TryRead(out _section))
        {
            EndLine("the header");
            return;
        }

        _cursor.SkipRestOfLine();
        _recovery.SkipStatement(_cursor.Mark, spills: true);
    }

    private void ReadPair()
    {
        var start = _cursor.Mark;
        var before = _errors.Enter(_section.Path.Split('.'));
        ReadPair(start);
        _errors.Leave(before);
    }

    private void ReadPair(TomlMark start)
    {
        if (!_pairs.TryRead(_section.Depth, isNested: false, out var key, out var value))
        {
            _recovery.SkipStatement(start);
            return;
        }

        if (value is not null) _keys.Bind(_section.Table, _section.Path, key, value);
        EndLine("the value");
    }

    private void EndLine(string what)
    {
        _cursor.SkipBlanks();
        _trivia.SkipComment();
        if (_cursor.AtEndOfLine) return;
        _errors.Report(_cursor.Location, $"expected the end of the line after {what}, found {TomlFound.Describe(_cursor)}",
            $"expected the end of the line after {what}; a text with quotes in it stands in single ones: '…'");
        _recovery.SkipStatement(_cursor.Mark);
    }
}
