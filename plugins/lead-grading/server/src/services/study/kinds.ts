/** The job that answers a study. */
export const STUDY_JOB = 'grading.study';
