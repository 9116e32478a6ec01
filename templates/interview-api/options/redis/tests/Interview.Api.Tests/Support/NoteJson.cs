using System.Text.Json.Serialization;

namespace InterviewApi.Tests.Support;

[JsonSerializable(typeof(Note))]
internal sealed partial class NoteJson : JsonSerializerContext;
