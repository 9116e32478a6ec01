namespace InterviewApi.Events;

public enum ProductChangeKind
{
    Created,
    Updated,
    Deleted,
}
