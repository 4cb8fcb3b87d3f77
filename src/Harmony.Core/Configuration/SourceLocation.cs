namespace Harmony.Core.Configuration;

/// <summary>A place in a configuration file. Line and column count from 1, columns in Unicode code points.</summary>
/// <param name="File">The file as the user would name it, relative to the working directory where that is shorter.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column, from 1; 0 when the whole line is meant.</param>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <summary>The place of something that no file holds: a default, a command-line argument.</summary>
    public static readonly SourceLocation None = new("", 0, 0);

    /// <summary>The form compilers use and editors can jump to: <c>file(line,col)</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}
